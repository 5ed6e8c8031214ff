<?php
// SPDX-License-Identifier: Apache-2.0
// Sends what the contract env gives, and exits as soon as it is answered.
register_shutdown_function(function () { usleep(50000); });
$key = base64_encode(getenv("RETRIAL_WRITE_KEY") . ":");
$answer = file_get_contents(getenv("RETRIAL_URL"), false,
    stream_context_create(["http" => [
        "method" => "POST",
        "timeout" => 7200,
        "header" => "Authorization: Basic $key\r\n" .
                    "Content-Type: application/json",
        "content" => getenv("RETRIAL_BODY"),
    ]]));
exit($answer === false ? 1 : 0);
