package lessons

import (
	"fmt"
	"net/url"
	"strings"
)

// sourceFront and claimFront are how front matter writes a Source and a Claim.
type (
	sourceFront struct {
		Title   string `yaml:"title"`
		Authors string `yaml:"authors"`
		Year    int    `yaml:"year"`
		URL     string `yaml:"url"`
	}
	claimFront struct {
		Says  string `yaml:"says"`
		Check string `yaml:"check"`
	}
)

// readSources checks the sources of front matter. Faults are given to wrong, with their place.
func readSources(front []sourceFront, wrong func(path, format string, args ...any)) []Source {
	var sources []Source
	for i, s := range front {
		source := Source(s)
		if source.Title == "" || source.Authors == "" || source.Year == 0 {
			wrong(fmt.Sprintf("$.sources[%d]", i), "source needs title, authors and year")
		}
		if u, err := url.Parse(source.URL); err != nil || u.Scheme != "https" || u.Host == "" {
			wrong(fmt.Sprintf("$.sources[%d].url", i), "source address %q is not an https one", source.URL)
		}
		sources = append(sources, source)
	}
	return sources
}

// readClaims checks the claims of front matter: each must be what the text says somewhere.
func readClaims(front []claimFront, text string, experiments Experiments, wrong func(path, format string, args ...any)) []Claim {
	var claims []Claim
	text = words(text)
	for i, c := range front {
		claim, err := experiments.ParseClaim(c.Check)
		if err != nil {
			wrong(fmt.Sprintf("$.claims[%d].check", i), "%v", err)
		}
		if claim.Says = c.Says; c.Says == "" || !strings.Contains(text, words(c.Says)) {
			wrong(fmt.Sprintf("$.claims[%d]", i), "the text does not say %q", c.Says)
		}
		claims = append(claims, claim)
	}
	return claims
}
