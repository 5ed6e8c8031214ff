// SPDX-License-Identifier: Apache-2.0
// A right client of contract e2e on net/http, which claims no capability: one
// batch after the other, each on a connection of its own.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	timeout       = 10 * time.Second
	flushAt       = 20
	retries       = 1000
	budget        = 43200 * time.Second
	retryAfterCap = 300
	eventBytes    = 32768
	batchBytes    = 475000
)

type job struct {
	WriteKey  string `json:"writeKey"`
	APIHost   string `json:"apiHost"`
	Sequences []struct {
		DelayMs int64             `json:"delayMs"`
		Events  []json.RawMessage `json:"events"`
	} `json:"sequences"`
	Config struct {
		FlushAt    *int `json:"flushAt"`
		MaxRetries *int `json:"maxRetries"`
	} `json:"config"`
}

type body struct {
	Batch    []json.RawMessage `json:"batch"`
	SentAt   string            `json:"sentAt"`
	WriteKey string            `json:"writeKey"`
}

func or(given *int, otherwise int) int {
	if given != nil {
		return *given
	}
	return otherwise
}

var client = &http.Client{
	Timeout: timeout,
	Transport: &http.Transport{
		DisableKeepAlives:  true,
		DisableCompression: true,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

// Each with as many events as it may have, and none over its size.
func batches(events []json.RawMessage, most int) [][]json.RawMessage {
	var all [][]json.RawMessage
	size := 0
	for _, event := range events {
		last := len(all) - 1
		if last < 0 || len(all[last]) == most ||
			size+len(event)+1 > batchBytes-1000 {
			all = append(all, nil)
			last, size = last+1, 0
		}
		all[last] = append(all[last], event)
		size += len(event) + 1
	}
	return all
}

// Seconds in digits, said once or alike; else it is as if absent.
func told(values []string) time.Duration {
	text := ""
	for i, value := range values {
		value = strings.Trim(value, " \t")
		if i > 0 && value != text {
			return 0
		}
		text = value
	}
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds > retryAfterCap {
		seconds = retryAfterCap
	}
	return time.Duration(seconds) * time.Second
}

// Its status and its Retry-After; an error is the network's.
func post(given *job, events []json.RawMessage, retry int) (int, []string, error) {
	text, err := json.Marshal(body{events,
		time.Now().UTC().Format(time.RFC3339Nano), given.WriteKey})
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest("POST", given.APIHost+"/v1/batch",
		bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Basic "+
		base64.StdEncoding.EncodeToString([]byte(given.WriteKey+":")))
	if retry > 0 {
		request.Header.Set("X-Retry-Count", strconv.Itoa(retry))
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	if _, err = io.Copy(io.Discard, answer.Body); err != nil {
		return 0, nil, err
	}
	return answer.StatusCode, answer.Header.Values("Retry-After"), nil
}

func refused(status int) bool {
	switch status {
	case 0, 408, 410, 429, 460:
		return false
	case 501, 505, 511:
		return true
	}
	return status < 500
}

// "": it was delivered; else why it was dropped.
func send(given *job, events []json.RawMessage) string {
	most := or(given.Config.MaxRetries, retries)
	counted := 0
	var failed, limited time.Time
	for sent := 0; ; sent++ {
		status, values, err := post(given, events, sent)
		why := fmt.Sprintf("status %d", status)
		if err != nil {
			why = "network: " + err.Error()
		} else if status >= 200 && status <= 399 {
			return ""
		}
		if refused(status) {
			return why
		}
		now := time.Now()
		wait, since := time.Duration(0), &failed
		if status == 429 {
			wait = told(values)
		}
		if wait > 0 {
			since = &limited
		} else {
			if counted++; counted > most {
				return why
			}
			law := 0.5 * math.Pow(2, float64(counted-1)) *
				(0.9 + 0.2*rand.Float64())
			wait = time.Duration(math.Min(60, law) * float64(time.Second))
		}
		if since.IsZero() {
			*since = now
		}
		if now.Add(wait).Sub(*since) > budget || most == 0 {
			return why
		}
		time.Sleep(wait)
	}
}

func run(given *job) string {
	why := ""
	for _, sequence := range given.Sequences {
		time.Sleep(time.Duration(sequence.DelayMs) * time.Millisecond)
		var fit []json.RawMessage
		for _, event := range sequence.Events {
			if len(event) > eventBytes {
				why = "an event is too large"
			} else {
				fit = append(fit, event)
			}
		}
		for _, batch := range batches(fit, or(given.Config.FlushAt, flushAt)) {
			if trouble := send(given, batch); trouble != "" {
				why = trouble
			}
		}
	}
	return why
}

func main() {
	var given job
	why := "--input is missing"
	if len(os.Args) == 3 && os.Args[1] == "--input" {
		if err := json.Unmarshal([]byte(os.Args[2]), &given); err != nil {
			why = "wrong input: " + err.Error()
		} else {
			why = run(&given)
		}
	}
	if why == "" {
		fmt.Println(`{"success":true}`)
		return
	}
	text, _ := json.Marshal(why)
	fmt.Printf("{\"success\":false,\"error\":%s}\n", text)
	os.Exit(1)
}
