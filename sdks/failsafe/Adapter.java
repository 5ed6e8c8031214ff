// SPDX-License-Identifier: Apache-2.0
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Contract `env` for Failsafe around Java's own HTTP client: one POST. */
final class Adapter {
    private static boolean isDelivered(HttpResponse<String> answer) {
        return answer.statusCode() / 100 == 2;
    }

    private static boolean isRetried(HttpResponse<String> answer) {
        return answer.statusCode() == 429 || answer.statusCode() >= 500;
    }

    public static void main(String[] none) {
        String retries = System.getenv().getOrDefault("RETRIAL_MAX_RETRIES", "3");
        RetryPolicy<HttpResponse<String>> policy =
            RetryPolicy.<HttpResponse<String>>builder()
                .handle(IOException.class)
                .handleResultIf(Adapter::isRetried)
                .withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(30))
                .withJitter(0.25)
                .withMaxRetries(Integer.parseInt(retries))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(System.getenv("RETRIAL_URL")))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString(System.getenv("RETRIAL_BODY")))
                .build();
        boolean delivered = false;
        try {
            delivered = isDelivered(Failsafe.with(policy)
                .get(() -> client.send(request, BodyHandlers.ofString())));
        } catch (RuntimeException error) {
            System.err.println(error);
        }
        System.exit(delivered ? 0 : 1);
    }
}
