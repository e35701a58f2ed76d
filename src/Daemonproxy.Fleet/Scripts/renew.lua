-- The lease of a machine is renewed, and what is due for the fleet is done. ARGV: machine, instance, mark of its daemon,
-- length of the lease, the facts about the machine, '1' to register, a random word, newest version of records it reads, and the
-- time that the last answer had, or ''.
-- Answers 'other' (another process speaks for it), 'taken' (another machine has the name), 'who' (it has to register), or
-- 'ok', the word of the fleet, the time until something is due or '', jobs of newer versions, its runs (name, fence, stop), the time,
-- and how often Redis was seen to have older data than before.
local agent, instance, mark = ARGV[1], ARGV[2], ARGV[3]
local a = key('agent', agent)
local h = redis.call('HMGET', a, 'inst', 'mark', 'seen')
local lease = redis.call('ZSCORE', key('agents'), agent)
if ARGV[6] == '1' then
  if h[1] and h[1] ~= instance and h[2] ~= mark and lease and tonumber(lease) > now then return { 'taken' } end
  if h[2] and h[2] ~= mark then
    take_all_from(agent, 'The daemon of machine ' .. agent .. ' was replaced by one that knows nothing of it.')
  end
  redis.call('HSET', a, 'inst', instance, 'mark', mark)
  redis.call('HDEL', a, 'lost')
  redis.call('ZREM', key('parted'), agent)
  redis.call('PERSIST', a)
  recover(agent)
elseif h[1] and h[1] ~= instance then
  return { 'other' }
elseif not h[1] or not lease then
  return { 'who' }
end
if h[3] and ARGV[9] ~= '' and tonumber(h[3]) < tonumber(ARGV[9]) then redis.call('INCR', key('forgot')) end
redis.call('HSET', a, 'info', ARGV[5], 'seen', text(now))
redis.call('ZADD', key('agents'), text(now + tonumber(ARGV[4])), agent)
redis.call('SET', key('fleet'), ARGV[7], 'NX')

for _, lost in ipairs(redis.call('ZRANGEBYSCORE', key('agents'), '-inf', text(now), 'LIMIT', 0, 4)) do
  take_all_from(lost, 'Machine ' .. lost .. ' was lost.')
  redis.call('ZREM', key('agents'), lost)
  redis.call('HSET', key('agent', lost), 'lost', text(now))
  redis.call('EXPIRE', key('agent', lost), 86400)
  redis.call('ZADD', key('parted'), text(now), lost)
  for _, stream in ipairs(redis.call('SMEMBERS', key('streams'))) do
    redis.pcall('XGROUP', 'DELCONSUMER', stream, GROUP, lost)
  end
end
redis.call('ZREMRANGEBYSCORE', key('parted'), '-inf', text(now - 86400000))
for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('due'), '-inf', text(now), 'LIMIT', 0, 1000)) do
  redis.call('ZREM', key('due'), name)
  push(name)
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('gone'), '-inf', text(now), 'LIMIT', 0, 200)) do
  local status = redis.call('HGET', key('job', name), 'st')
  redis.call('ZREM', key('gone'), name)
  if status then redis.call('ZREM', key('st', status), name) end
  redis.call('DEL', key('job', name), key('out', name), key('in', name))
  tell(name, 'forgotten')
end

local newer = 0
for _, stream in ipairs(redis.call('SMEMBERS', key('streams'))) do
  local version = tonumber(string.match(string.sub(stream, #P + 1), '^:q:(%d+):'))
  if version and version > tonumber(ARGV[8]) then newer = newer + redis.call('XLEN', stream) end
end
local runs = {}
local mine = redis.call('HGETALL', key('runs', agent))
for i = 1, #mine, 2 do
  runs[#runs + 1] = mine[i]
  runs[#runs + 1] = mine[i + 1]
  runs[#runs + 1] = redis.call('HGET', key('job', mine[i]), 'stop') or ''
end
local first = redis.call('ZRANGE', key('due'), 0, 0, 'WITHSCORES')
return { 'ok', redis.call('GET', key('fleet')), first[2] and text(math.max(0, tonumber(first[2]) - now)) or '', newer, runs, text(now),
  redis.call('GET', key('forgot')) or '0' }
