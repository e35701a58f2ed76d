-- Removes a job that is over. ARGV: name. Answers 'none', 'running', or 'forgotten'.
local name = ARGV[1]
local status = redis.call('HGET', key('job', name), 'st')
if not status then return 'none' end
if not is_over(status) then return 'running' end
redis.call('ZREM', key('st', status), name)
redis.call('ZREM', key('gone'), name)
redis.call('DEL', key('job', name), key('out', name), key('in', name))
tell(name, 'forgotten')
return 'forgotten'
