// SPDX-License-Identifier: Apache-2.0
// sleep: prints how many seconds an hour took. request: sends what the contract
// env gives, and waits for the answer.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	if os.Args[1] == "sleep" {
		began := time.Now()
		time.Sleep(time.Hour)
		fmt.Println(time.Since(began).Seconds())
		return
	}
	request, _ := http.NewRequest("POST", os.Getenv("RETRIAL_URL"),
		strings.NewReader(os.Getenv("RETRIAL_BODY")))
	request.SetBasicAuth(os.Getenv("RETRIAL_WRITE_KEY"), "")
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != 200 {
		os.Exit(1)
	}
}
