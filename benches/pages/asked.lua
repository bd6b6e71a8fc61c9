-- Asks for the addresses of a file at a steady pace, each in its own session: TARGETS names the file, CONNECTIONS and RATE say
-- how long a connection waits between two requests, ADDRESS whom it asks. A browser takes what is compressed, so that is asked for.

local targets = {}
for line in io.lines(os.getenv("TARGETS")) do
  local address, cookie = line:match("^(.-)\t(.*)$")
  local headers = { ["Host"] = os.getenv("ADDRESS"), ["Cookie"] = cookie, ["Accept-Encoding"] = "gzip" }
  targets[#targets + 1] = wrk.format("GET", address, headers)
end

local pause = 1000 * tonumber(os.getenv("CONNECTIONS")) / tonumber(os.getenv("RATE"))
local at = 0

function delay()
  -- Not all at the same moment.
  return math.floor(pause * (0.5 + math.random()))
end

function request()
  at = at % #targets + 1
  return targets[at]
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d\n", latency:percentile(50), latency:percentile(99), latency.max,
    summary.requests, failed, summary.bytes))
end
