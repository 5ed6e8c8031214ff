// SPDX-License-Identifier: Apache-2.0
// A right client of contract e2e on java.net.http, which claims no capability:
// one batch after the other, by one HttpClient.
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

public class Client {
    static final int FLUSH_AT = 20, RETRIES = 1000, RETRY_AFTER_CAP_S = 300;
    static final int EVENT_BYTES = 32768, BATCH_BYTES = 475000;
    static final long BUDGET_MS = 43200 * 1000L;
    static final Set<Integer> RETRIED = Set.of(408, 410, 429, 460);
    static final Set<Integer> REFUSED = Set.of(501, 505, 511);

    /** JSON as far as a job needs it: an object is a map, a list a list, and
     *  all else its own text. What an event is stays the text that it was. */
    static class Json {
        final String text;
        int at;

        Json(String text) { this.text = text; }

        char next() {
            while (" \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
            return text.charAt(at);
        }

        Object value() {
            if (next() == '{') return object();
            if (next() == '[') return list();
            return plain();
        }

        String plain() {
            int from = at;
            if (next() != '"') {
                while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) at++;
                return text.substring(from, at);
            }
            for (at++; text.charAt(at) != '"'; at++)
                if (text.charAt(at) == '\\') at++;
            return text.substring(from, ++at);
        }

        Map<String, Object> object() {
            Map<String, Object> map = new LinkedHashMap<>();
            for (at++; next() != '}'; ) {
                String name = plain();
                next();
                at++; // the colon
                map.put(name.substring(1, name.length() - 1),
                        name.equals("\"events\"") ? texts() : value());
                if (next() == ',') at++;
            }
            at++;
            return map;
        }

        List<Object> list() {
            List<Object> list = new ArrayList<>();
            for (at++; next() != ']'; ) {
                list.add(value());
                if (next() == ',') at++;
            }
            at++;
            return list;
        }

        List<String> texts() {
            List<String> list = new ArrayList<>();
            next();
            for (at++; next() != ']'; ) {
                int from = at;
                value();
                list.add(text.substring(from, at));
                if (next() == ',') at++;
            }
            at++;
            return list;
        }
    }

    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(Duration.ofSeconds(10)).build();
    final String host, key, keyText;
    final int flushAt, retries;

    @SuppressWarnings("unchecked")
    Client(Map<String, Object> job) {
        Map<String, Object> config = (Map<String, Object>) job.getOrDefault("config", Map.of());
        keyText = (String) job.get("writeKey");
        key = unquoted(keyText);
        host = unquoted((String) job.get("apiHost"));
        flushAt = Integer.parseInt((String) config.getOrDefault("flushAt", "" + FLUSH_AT));
        retries = Integer.parseInt((String) config.getOrDefault("maxRetries", "" + RETRIES));
    }

    static String unquoted(String text) {
        return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    HttpResponse<byte[]> post(List<String> events, int retry)
            throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
        String body = "{\"batch\":[" + String.join(",", events) + "],\"sentAt\":\"" + Instant.now()
            + "\",\"writeKey\":" + keyText + "}";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host + "/v1/batch"))
            .timeout(Duration.ofSeconds(10)).header("Content-Type", "application/json")
            .header("Authorization", "Basic " + basic)
            .POST(HttpRequest.BodyPublishers.ofString(body));
        if (retry > 0) request.header("X-Retry-Count", "" + retry);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Seconds in digits, said once or alike; else it is as if absent. */
    static long toldMs(List<String> values) {
        Set<String> said = new TreeSet<>();
        for (String value : values) said.add(value.strip());
        String text = said.size() == 1 ? said.iterator().next() : "";
        if (!text.matches("[0-9]+")) return 0;
        text = text.replaceFirst("^0+(?=.)", "");
        return 1000L * (text.length() > 3 ? RETRY_AFTER_CAP_S
            : Math.min(RETRY_AFTER_CAP_S, Integer.parseInt(text)));
    }

    /** null: it was delivered; else why it was dropped. */
    String send(List<String> events) throws InterruptedException {
        int counted = 0;
        long failedMs = -1, limitedMs = -1;
        for (int sent = 0; ; sent++) {
            int status = 0;
            long waitMs = 0, sinceMs, nowMs;
            String why;
            try {
                HttpResponse<byte[]> answer = post(events, sent);
                status = answer.statusCode();
                why = "status " + status;
                if (status == 429) waitMs = toldMs(answer.headers().allValues("Retry-After"));
            } catch (IOException | IllegalArgumentException error) {
                // The JDK 17 says the latter of a Content-Length that is no number.
                why = "network: " + error.getClass().getSimpleName();
            }
            if (status >= 200 && status <= 399) return null;
            if (status > 0 && !RETRIED.contains(status)
                && (status < 500 || REFUSED.contains(status))) return why;
            nowMs = System.nanoTime() / 1000000;
            if (waitMs > 0) {
                sinceMs = limitedMs = limitedMs < 0 ? nowMs : limitedMs;
            } else {
                if (++counted > retries) return why;
                sinceMs = failedMs = failedMs < 0 ? nowMs : failedMs;
                waitMs = (long) Math.min(60000, 500 * Math.pow(2, counted - 1)
                    * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
            }
            if (nowMs + waitMs - sinceMs > BUDGET_MS || retries == 0) return why;
            Thread.sleep(waitMs);
        }
    }

    String sendAll(List<String> events) throws InterruptedException {
        List<String> batch = new ArrayList<>();
        String why = null, trouble;
        int bytes = 0;
        for (String event : events) {
            int more = event.getBytes(StandardCharsets.UTF_8).length + 1;
            if (more > EVENT_BYTES) { why = "an event is too large"; continue; }
            if (batch.size() == flushAt || bytes + more > BATCH_BYTES - 1000) {
                if ((trouble = send(batch)) != null) why = trouble;
                batch.clear();
                bytes = 0;
            }
            batch.add(event);
            bytes += more;
        }
        if (!batch.isEmpty() && (trouble = send(batch)) != null) why = trouble;
        return why;
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws InterruptedException {
        Map<String, Object> job = new Json(arguments[1]).object();
        Client client = new Client(job);
        String why = null, trouble;
        for (Object each : (List<Object>) job.get("sequences")) {
            Map<String, Object> sequence = (Map<String, Object>) each;
            Thread.sleep(Long.parseLong((String) sequence.get("delayMs")));
            if ((trouble = client.sendAll((List<String>) sequence.get("events"))) != null) why = trouble;
        }
        System.out.println(why == null ? "{\"success\":true}"
            : "{\"success\":false,\"error\":\"" + why + "\"}");
    }
}
