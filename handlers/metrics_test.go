package handlers

import (
	"net/http"
	"testing"
)

// Where there is a token, nobody reads the metrics without it.
func TestMetricsTakeAToken(t *testing.T) {
	site := newSite(t, func(c *Config) { c.MetricsToken = "a token" })
	for header, want := range map[string]int{"": 401, "Bearer": 401, "Bearer a": 401, "bearer a token": 401, "Basic a token": 401, "Bearer a token": 200} {
		got := site.do(t, site.client(t), "GET", "/metrics", nil, "Authorization", header)
		if got.status != want || (want == http.StatusUnauthorized) != (got.header.Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("Authorization %q: %d %v, want %d", header, got.status, got.header, want)
		}
	}
}
