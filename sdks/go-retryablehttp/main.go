// SPDX-License-Identifier: Apache-2.0

// Contract `env` for hashicorp/go-retryablehttp: one POST by a default client.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Read here, a body that breaks off is a failure that is retried.
func readAll(answer *http.Response) error {
	defer answer.Body.Close()
	_, err := io.Copy(io.Discard, answer.Body)
	return err
}

func send() error {
	client := retryablehttp.NewClient()
	client.Logger = nil
	client.HTTPClient.Timeout = 10 * time.Second
	if text, given := os.LookupEnv("RETRIAL_MAX_RETRIES"); given {
		retries, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		client.RetryMax = retries
	}
	request, err := retryablehttp.NewRequest("POST", os.Getenv("RETRIAL_URL"),
		[]byte(os.Getenv("RETRIAL_BODY")))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetResponseHandler(readAll)
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

func main() {
	if err := send(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
