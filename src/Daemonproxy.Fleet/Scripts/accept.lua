-- Accepts a job. ARGV: name, id, most that wait, due time or 0, its input or '', number of fields wanted, these fields, then
-- fields and values of its record.
-- Answers the values of the fields wanted, also when it is called again after a lost answer; 'taken'; 'full'.
local name, id = ARGV[1], ARGV[2]
local j = key('job', name)
local record = 7 + tonumber(ARGV[6])
local function accepted() return redis.call('HMGET', j, unpack(ARGV, 7, record - 1)) end

local there = redis.call('HGET', j, 'id')
if there then return there == id and accepted() or 'taken' end
if redis.call('ZCARD', key('st', 'queued')) >= tonumber(ARGV[3]) then return 'full' end
redis.call('SET', key('fleet'), id, 'NX')
local seq = redis.call('INCR', key('seq'))
redis.call('HSET', j, 'id', id, 'seq', seq, 'st', 'queued', 'fence', '0', 'created', text(now), unpack(ARGV, record))
if ARGV[5] ~= '' then redis.call('SET', key('in', name), ARGV[5]) end
local due = tonumber(ARGV[4])
if due > now then
  redis.call('HSET', j, 'due', ARGV[4])
  redis.call('ZADD', key('due'), ARGV[4], name)
else
  push(name)
end
move(name, seq, false, 'queued')
return accepted()
