// SPDX-License-Identifier: Apache-2.0
// Exits EXIT COMPANY ASK: sends what the contract env gives, in the company of
// others who wait, and then exits in that way, promptly.
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

public class Exits {
    static final String URL = System.getenv("RETRIAL_URL");
    static final String BODY = System.getenv("RETRIAL_BODY");
    static final String KEY = "Basic " + Base64.getEncoder().encodeToString(
        (System.getenv("RETRIAL_WRITE_KEY") + ":").getBytes());

    interface Ask {
        int status() throws Exception;
    }

    static int byConnection() throws Exception {
        HttpURLConnection connection =
            (HttpURLConnection) URI.create(URL).toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Authorization", KEY);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        connection.getOutputStream().write(BODY.getBytes());
        int status = connection.getResponseCode();
        connection.getInputStream().readAllBytes();
        return status;
    }

    static int byClient() throws Exception {
        return HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create(URL))
                .header("Authorization", KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build(),
            HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    // A class that needs OkHttp, by its name: it may not be there.
    static int byOkHttp() throws Exception {
        return (int) Class.forName("ByOkHttp")
            .getMethod("status", String.class, String.class, String.class)
            .invoke(null, URL, KEY, BODY);
    }

    static void sleep(long hours) {
        try {
            Thread.sleep(hours * 3600 * 1000);
        } catch (InterruptedException e) {
            // Asked to end.
        }
    }

    static int inCompany(String company, Ask ask) throws Exception {
        switch (company) {
        case "daemon": {
            Thread daemon = new Thread(() -> sleep(12));
            daemon.setDaemon(true);
            daemon.start();
            return ask.status();
        }
        case "virtual": { // from JDK 21 on
            Thread.class.getMethod("startVirtualThread", Runnable.class)
                .invoke(null, (Runnable) () -> sleep(12));
            CompletableFuture<Integer> status = new CompletableFuture<>();
            Thread.class.getMethod("startVirtualThread", Runnable.class)
                .invoke(null, (Runnable) () -> {
                    try {
                        status.complete(ask.status());
                    } catch (Exception e) {
                        status.completeExceptionally(e);
                    }
                });
            return status.get();
        }
        case "forkjoin": {
            ForkJoinPool.commonPool().submit(() -> sleep(0)).get();
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return ask.status();
                } catch (Exception e) {
                    throw new RuntimeException(e);
                }
            }).get();
        }
        case "scheduled": {
            ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);
            pool.scheduleAtFixedRate(() -> { }, 10, 10, TimeUnit.MINUTES);
            try {
                return pool.submit(ask::status).get();
            } finally {
                pool.shutdownNow();
            }
        }
        case "pool": {
            ExecutorService pool = Executors.newFixedThreadPool(4);
            pool.submit(() -> sleep(0));
            try {
                return pool.submit(ask::status).get();
            } finally {
                pool.shutdown();
            }
        }
        default:
            return ask.status();
        }
    }

    public static void main(String[] words) throws Exception {
        Ask ask = words[2].equals("client")  ? Exits::byClient
                : words[2].equals("okhttp") ? Exits::byOkHttp
                                            : Exits::byConnection;
        int code = inCompany(words[1], ask) == 200 ? 0 : 1;
        switch (words[0]) {
        case "hook":
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    // Asked to end.
                }
            }));
            System.exit(code);
            break;
        case "exit":
            System.exit(code);
            break;
        case "halt":
            Runtime.getRuntime().halt(code);
            break;
        default:
            if (code != 0)
                throw new IllegalStateException("the answer was not 200");
        }
    }
}
