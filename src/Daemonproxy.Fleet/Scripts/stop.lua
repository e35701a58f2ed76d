-- Stops a job. ARGV: name, seconds until SIGKILL. Answers 'none', 'over', or 'stopped'.
local name = ARGV[1]
local j = key('job', name)
local h = redis.call('HMGET', j, 'st', 'agent', 'fence')
if not h[1] then return 'none' end
if is_over(h[1]) then return 'over' end
redis.call('HSET', j, 'stop', ARGV[2])
if h[1] == 'queued' then
  pull(name)
  close(name, 'stopped')
else
  tell(name, h[1])
  redis.call('PUBLISH', key('mail', h[2]), name .. ' ' .. h[3] .. ' ' .. ARGV[2])
end
return 'stopped'
