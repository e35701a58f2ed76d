-- A machine leaves the fleet: its jobs go to others at once. ARGV: machine, instance.
local agent = ARGV[1]
if not is_agent(agent, ARGV[2]) then return 'who' end
take_all_from(agent, 'Machine ' .. agent .. ' left the fleet.')
redis.call('ZREM', key('agents'), agent)
redis.call('HSET', key('agent', agent), 'lost', text(now))
redis.call('EXPIRE', key('agent', agent), 86400)
redis.call('ZADD', key('parted'), text(now), agent)
return 'left'
