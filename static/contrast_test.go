package static

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// In a lecture hall every text stands out from its ground by 7:1 (WCAG's AAA): whatever colour of the projector's theme writes, on
// either of its grounds. The twins' own colours are those of marks, which want 3:1, and of large figures, which want 4.5:1.
func TestProjectorContrast(t *testing.T) {
	css, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	_, theme, found := strings.Cut(string(css), "[data-theme=\"projector\"] {")
	theme, _, closed := strings.Cut(theme, "}")
	if !found || !closed {
		t.Fatal("there is no projector theme")
	}
	colors := map[string]float64{}
	for _, m := range regexp.MustCompile(`--([\w-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(theme, -1) {
		colors[m[1]] = luminance(t, m[2])
	}
	for token, least := range map[string]float64{
		"ink": 7, "ink-2": 7, "plain-text": 7, "residual-text": 7, "good": 7, "bad": 7, "focus": 7, "edge": 4.5, "plain": 4.5, "residual": 4.5,
		"plain-1": 4.5, "plain-2": 4.5, "plain-3": 4.5, "plain-4": 4.5, "plain-5": 4.5, "plain-6": 4.5, "plain-7": 4.5, "residual-1": 4.5, "residual-2": 4.5, "residual-3": 4.5,
	} {
		for _, ground := range []string{"paper", "sheet"} {
			light, dark, known := colors[ground], colors[token], true
			if _, known = colors[token]; !known {
				t.Errorf("the projector's theme has no %s of its own", token)
				continue
			}
			if ratio := (max(light, dark) + .05) / (min(light, dark) + .05); ratio < least {
				t.Errorf("%s on %s stands out by %.2f:1, want %g:1", token, ground, ratio, least)
			}
		}
	}
}

// luminance is WCAG's relative luminance of rrggbb.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(shift int) float64 {
		c := float64(v>>shift&0xff) / 255
		if c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*channel(16) + .7152*channel(8) + .0722*channel(0)
}
