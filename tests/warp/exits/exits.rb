# SPDX-License-Identifier: Apache-2.0
# exits.rb HOW: sends what the contract env gives, beside threads that sleep,
# and exits as soon as it is answered.
require "net/http"

def ask
  url = URI(ENV["RETRIAL_URL"])
  request = Net::HTTP::Post.new(url, "Content-Type" => "application/json")
  request.basic_auth ENV["RETRIAL_WRITE_KEY"], ""
  request.body = ENV["RETRIAL_BODY"]
  answer = Net::HTTP.start(url.host, url.port, read_timeout: 7200) do |http|
    http.request request
  end
  answer.code == "200"
end

Thread.new { sleep 12 * 3600 }
Thread.new { loop { sleep 60 } }
at_exit { sleep 0.05 } if ARGV[0] == "at_exit"
ok = ARGV[0] == "thread" ? Thread.new { ask }.value : ask
ARGV[0] == "exit!" ? exit!(ok) : exit(ok)
