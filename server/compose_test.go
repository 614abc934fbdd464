package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/goccy/go-yaml"
)

// What compose.yaml starts is bounded in memory and processes, each service of it, and the balancer keeps the metrics inside.
func TestComposeIsBounded(t *testing.T) {
	text, err := os.ReadFile("../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct{ Services map[string]map[string]any }
	if err := yaml.Unmarshal(text, &compose); err != nil || len(compose.Services) != 5 {
		t.Fatalf("%d services, %v; want 5", len(compose.Services), err)
	}
	for name, service := range compose.Services {
		for _, bound := range []string{"mem_limit", "pids_limit", "cap_drop"} {
			if service[bound] == nil {
				t.Errorf("%s has no %s", name, bound)
			}
		}
	}
	days := func(service, variable string) any {
		environment, _ := compose.Services[service]["environment"].(map[string]any)
		return environment[variable]
	}
	if told, kept := days("web1", "GRADLAB_BACKUP_DAYS"), days("backup", "BACKUP_DAYS"); told == nil || told != kept {
		t.Errorf("the site says that backups are kept for %v days, and they are for %v", told, kept)
	}
	balancer, err := os.ReadFile("../deploy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`@(\w+) path /metrics\n\s*respond @\w+ 404`).Match(balancer) {
		t.Error("the balancer passes /metrics on")
	}
}
