-- The common beginning of all scripts. KEYS[1] is the prefix of all keys of a fleet, in braces: one slot of a cluster has them all.
-- Times are milliseconds since 1970 by the clock of Redis, so that the clocks of machines do not matter.
--
--   job:NAME         a hash: the record of a job. out:NAME, in:NAME: its output and its input
--   q:V:QUEUE:PRI    a stream: the jobs of record version V that wait; group `agents`, one consumer for each machine
--   streams          the names of these streams
--   due              jobs that wait for a time, by that time
--   returned         jobs that were given back and have not started since, by how often
--   st:STATUS        jobs by status, in the order of acceptance; gone: jobs that are over, by the time of their removal
--   agents           machines, by the end of their lease; parted: those without one, for a day
--   agent:NAME       a hash: the data of a machine. runs:NAME: its jobs, with fences
--   seq, fleet       the number of the last job; a random word that is made with the data
--   forgot           how often it was seen that Redis has older data than it had
--   changed, mail:NAME   channels: changes of jobs, stops for a machine
local P = KEYS[1]
local T = redis.call('TIME')
local now = tonumber(T[1]) * 1000 + math.floor(tonumber(T[2]) / 1000)
local GROUP = 'agents'
-- A job that takes machines with it is not given to all of them.
local MOST_LOST = 10
-- One that no machine can start is tried after a second, and then after twice as long each time, up to five minutes.
local MOST_BACK_WAIT = 300000

local function text(number) return string.format('%.0f', number) end

local function key(kind, name) return name and (P .. ':' .. kind .. ':' .. name) or (P .. ':' .. kind) end

local function tell(name, status) redis.call('PUBLISH', key('changed'), name .. ' ' .. status) end

local function is_over(status)
  return status ~= 'queued' and status ~= 'starting' and status ~= 'running'
end

-- A job gets another status.
local function move(name, seq, from, to)
  if from and from ~= to then redis.call('ZREM', key('st', from), name) end
  if from ~= to then redis.call('ZADD', key('st', to), seq, name) end
  tell(name, to)
end

-- Notes the start of a run. A machine estimates the clock of Redis: its time is between the claim of the run and now.
local function note_start(name, at)
  local j = key('job', name)
  local begun = tonumber(redis.call('HGET', j, 'begun') or '0')
  redis.call('HSET', j, 'started', text(math.min(math.max(tonumber(at), begun), now)))
end

-- A queued job goes to the end of its stream.
local function push(name)
  local j = key('job', name)
  local h = redis.call('HMGET', j, 'id', 'v', 'q', 'pri')
  local stream = P .. ':q:' .. h[2] .. ':' .. h[3] .. ':' .. h[4]
  local entry = redis.call('XADD', stream, '*', 'n', name, 'i', h[1])
  redis.call('SADD', key('streams'), stream)
  redis.call('HSET', j, 'e', entry, 'sk', stream)
  redis.call('HDEL', j, 'due')
end

-- A queued job leaves its stream, or the list of those that wait for a time.
local function pull(name)
  local h = redis.call('HMGET', key('job', name), 'e', 'sk')
  if h[1] then
    redis.pcall('XACK', h[2], GROUP, h[1])
    redis.call('XDEL', h[2], h[1])
    redis.call('HDEL', key('job', name), 'e', 'sk')
  end
  redis.call('ZREM', key('due'), name)
end

-- A job has started, or is over: its earlier returns no longer count.
local function settle(name, row)
  if row then
    redis.call('HDEL', key('job', name), 'row')
    redis.call('ZREM', key('returned'), name)
  end
end

-- A job is over.
local function close(name, status)
  local j = key('job', name)
  local h = redis.call('HMGET', j, 'seq', 'st', 'keep', 'row')
  local kept = now + tonumber(h[3])
  redis.call('HSET', j, 'st', status, 'ended', text(now), 'kept', text(kept))
  redis.call('HDEL', j, 'due', 'e', 'sk')
  redis.call('DEL', key('in', name))
  redis.call('ZADD', key('gone'), text(kept), name)
  settle(name, h[4])
  move(name, h[1], h[2], status)
end

-- A job waits again: at once, or after a delay.
local function wait(name, delay)
  local j = key('job', name)
  local h = redis.call('HMGET', j, 'seq', 'st')
  redis.call('HSET', j, 'st', 'queued')
  if delay > 0 then
    redis.call('HSET', j, 'due', text(now + delay))
    redis.call('ZADD', key('due'), text(now + delay), name)
  else
    push(name)
  end
  move(name, h[1], h[2], 'queued')
end

-- A run is over without a report: the machine was lost, or it gave the job back. No try is counted.
local function give_back(name, agent, how, why, delay)
  local j = key('job', name)
  redis.call('HDEL', key('runs', agent), name)
  local count = redis.call('HINCRBY', j, how, 1)
  redis.call('HSET', j, 'why', why)
  if redis.call('HEXISTS', j, 'stop') == 1 then
    close(name, 'stopped')
  elseif how == 'lost' and count >= MOST_LOST then
    redis.call('HSET', j, 'why', 'It was lost ' .. count .. ' times, the last time because of this: ' .. why)
    close(name, 'lost')
  elseif how == 'back' then
    local row = redis.call('HINCRBY', j, 'row', 1)
    redis.call('ZADD', key('returned'), row, name)
    wait(name, math.min(delay * 2 ^ math.min(row - 1, 20), MOST_BACK_WAIT))
  else
    wait(name, delay)
  end
end

-- The owner of a run: 'mine', 'late' (it was taken from the machine, or is over), 'again' (this report was accepted before),
-- 'gone' (no such job). Redis may have forgotten a claim, when it was restarted with older data: the fence, which is newer
-- than the record, shows it.
local function owner(name, id, agent, fence)
  local h = redis.call('HMGET', key('job', name), 'id', 'fence', 'agent', 'st', 'seq', 'done')
  if not h[1] or h[1] ~= id then return 'gone' end
  if h[6] == fence then return 'again' end
  if h[2] == fence and h[3] == agent and (h[4] == 'starting' or h[4] == 'running') then return 'mine' end
  if tonumber(fence) > tonumber(h[2]) and h[4] == 'queued' then
    pull(name)
    redis.call('INCR', key('forgot'))
    redis.call('HSET', key('job', name), 'st', 'running', 'fence', fence, 'agent', agent)
    redis.call('HSET', key('runs', agent), name, fence)
    redis.call('HINCRBY', key('job', name), 'runs', 1)
    move(name, h[5], h[4], 'running')
    return 'mine'
  end
  return 'late'
end

-- True if this process speaks for the machine.
local function is_agent(agent, instance)
  return redis.call('HGET', key('agent', agent), 'inst') == instance
    and redis.call('ZSCORE', key('agents'), agent) ~= false
end

-- Entries that a machine has read and not claimed wait again.
local function recover(agent)
  for _, stream in ipairs(redis.call('SMEMBERS', key('streams'))) do
    local pending = redis.pcall('XPENDING', stream, GROUP, '-', '+', 1000, agent)
    if not pending.err then
      for _, one in ipairs(pending) do
        local found = redis.call('XRANGE', stream, one[1], one[1])
        redis.call('XACK', stream, GROUP, one[1])
        redis.call('XDEL', stream, one[1])
        if found[1] then
          local name = found[1][2][2]
          local h = redis.call('HMGET', key('job', name), 'st', 'e')
          if h[1] == 'queued' and h[2] == one[1] then push(name) end
        end
      end
    end
  end
end

-- All jobs of a machine are given to others.
local function take_all_from(agent, why)
  local runs = redis.call('HGETALL', key('runs', agent))
  for i = 1, #runs, 2 do
    local h = redis.call('HMGET', key('job', runs[i]), 'fence', 'agent', 'st')
    if h[1] == runs[i + 1] and h[2] == agent and not is_over(h[3]) and h[3] ~= 'queued' then
      give_back(runs[i], agent, 'lost', why, 0)
    end
  end
  redis.call('DEL', key('runs', agent))
  recover(agent)
end
