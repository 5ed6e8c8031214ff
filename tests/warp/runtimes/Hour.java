// SPDX-License-Identifier: Apache-2.0
// sleep: prints how many seconds an hour took. request: sends what the contract
// env gives, and waits for the answer.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

public class Hour {
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("sleep")) {
            long began = System.nanoTime();
            Thread.sleep(3600 * 1000L);
            System.out.println((System.nanoTime() - began) / 1e9);
            return;
        }
        String key = System.getenv("RETRIAL_WRITE_KEY") + ":";
        String basic = Base64.getEncoder().encodeToString(key.getBytes());
        HttpResponse<String> answer = HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create(System.getenv("RETRIAL_URL")))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                    System.getenv("RETRIAL_BODY")))
                .build(),
            HttpResponse.BodyHandlers.ofString());
        System.exit(answer.statusCode() == 200 ? 0 : 1);
    }
}
