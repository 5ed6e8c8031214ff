// SPDX-License-Identifier: Apache-2.0
// What Exits asks by OkHttp, where that is there.
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

public class ByOkHttp {
    public static int status(String url, String key, String body)
        throws Exception {
        OkHttpClient client = new OkHttpClient.Builder()
            .readTimeout(Duration.ofHours(2)).build();
        Request request = new Request.Builder()
            .url(url)
            .header("Authorization", key)
            .post(RequestBody.create(body.getBytes(),
                                     MediaType.get("application/json")))
            .build();
        try (Response response = client.newCall(request).execute()) {
            return response.code();
        }
    }
}
