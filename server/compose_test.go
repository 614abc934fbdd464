package main

import (
	"net"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
)

// What compose.yaml starts is bounded in memory and processes, each service of it, the balancer keeps the metrics inside, and Prometheus finds them there.
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
	set := func(service, variable string) any {
		environment, _ := compose.Services[service]["environment"].(map[string]any)
		return environment[variable]
	}
	if told, kept := set("web1", "GRADLAB_BACKUP_DAYS"), set("backup", "BACKUP_DAYS"); told == nil || told != kept {
		t.Errorf("the site says that backups are kept for %v days, and they are for %v", told, kept)
	}
	watched, err := os.ReadFile("../deploy/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	var prometheus struct {
		Scraped []struct {
			Job    string                       `yaml:"job_name"`
			Static []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal(watched, &prometheus); err != nil || len(prometheus.Scraped) != 1 || prometheus.Scraped[0].Job != "gradlab" {
		t.Fatalf("Prometheus asks for %+v, %v", prometheus, err)
	}
	var replicas []string
	for name := range compose.Services {
		if addr, _ := set(name, "GRADLAB_METRICS_ADDR").(string); addr != "" {
			_, port, _ := net.SplitHostPort(addr)
			replicas = append(replicas, name+":"+port)
		}
	}
	slices.Sort(replicas)
	if asked := prometheus.Scraped[0].Static[0].Targets; len(replicas) != 2 || !slices.Equal(asked, replicas) {
		t.Errorf("Prometheus asks %v, and the metrics are at %v", asked, replicas)
	}
	balancer, err := os.ReadFile("../deploy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`@(\w+) path /metrics\n\s*respond @\w+ 404`).Match(balancer) {
		t.Error("the balancer passes /metrics on")
	}
}
