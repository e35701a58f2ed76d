-- A machine reports the end of a run. ARGV: name, id, machine, fence, status, fields and values for the record.
-- Answers the owner of the run; the report is accepted if that is 'mine'.
local name, id, agent, fence, status = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local j = key('job', name)
local whose = owner(name, id, agent, fence)
if whose ~= 'mine' then return whose end
redis.call('HSET', j, 'done', fence, unpack(ARGV, 6))
local started = redis.call('HGET', j, 'started')
if started then note_start(name, started) end
redis.call('HDEL', key('runs', agent), name)
local tries = redis.call('HINCRBY', j, 'att', 1)
local h = redis.call('HMGET', j, 'stop', 'retr', 'rd1', 'rdm', 'row')
settle(name, h[5])
if h[1] and status == 'failed' then status = 'stopped' end
if not h[1] and (status == 'failed' or status == 'timed-out') and tries <= tonumber(h[2] or '0') then
  wait(name, math.min(tonumber(h[3]) * 2 ^ math.min(tries - 1, 40), tonumber(h[4])))
else
  close(name, status)
end
return 'mine'
