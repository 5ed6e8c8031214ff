# SPDX-License-Identifier: Apache-2.0
# sleep: prints how many seconds an hour took. request: sends what the contract
# env gives, and waits for the answer.
require "net/http"

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

if ARGV[0] == "sleep"
  began = now
  sleep 3600
  puts now - began
else
  url = URI(ENV["RETRIAL_URL"])
  request = Net::HTTP::Post.new(url, "Content-Type" => "application/json")
  request.basic_auth ENV["RETRIAL_WRITE_KEY"], ""
  request.body = ENV["RETRIAL_BODY"]
  answer = Net::HTTP.start(url.host, url.port, read_timeout: 7200) do |http|
    http.request request
  end
  exit answer.code == "200"
end
