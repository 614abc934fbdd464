package lti

import (
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// DeepSettings say what a platform wants to be given [DL 3.4.2].
type DeepSettings struct {
	ReturnURL string   `json:"deep_link_return_url"`
	Types     []string `json:"accept_types"`
	Targets   []string `json:"accept_presentation_document_targets"`
	Multiple  bool     `json:"accept_multiple"`
	LineItem  *bool    `json:"accept_lineitem"` // nil: it does not say, and takes them
	Data      string   `json:"data"`            // to be given back as it came
}

const linkType = "ltiResourceLink" // [DL 3.2]

func (s DeepSettings) check() error {
	if _, err := address(s.ReturnURL); err != nil {
		return refuse("DL 3.4.2", "The course page does not say where the choice is to be sent.")
	}
	if !slices.Contains(s.Types, linkType) || len(s.Targets) == 0 {
		return refuse("DL 3.4.2", "The course page does not take links to activities here; add this site as an activity.")
	}
	return nil
}

// Graded says whether a link may bring a column of the gradebook along.
func (s DeepSettings) Graded() bool { return s.LineItem == nil || *s.LineItem }

// An Item is a link to be put into a course [DL 3.2].
type Item struct {
	Title string
	URL   string
	// Points, where they are above 0, ask for a column of the gradebook with that maximum.
	Points float64
}

// DeepLink is the token that answers a launch which asks what to link [DL 4]; it is posted, as JWT, to Settings.ReturnURL.
func DeepLink(k Key, p Platform, l Launch, items []Item, now time.Time) (string, error) {
	content := []map[string]any{}
	for _, i := range items {
		item := map[string]any{"type": linkType, "title": i.Title, "url": i.URL}
		if i.Points > 0 && l.Settings.Graded() {
			item["lineItem"] = map[string]any{"label": i.Title, "scoreMaximum": i.Points}
		}
		content = append(content, item)
	}
	claims := map[string]any{
		"nonce":                   Random(),
		claim + "deployment_id":   l.Deployment,
		claim + "message_type":    deepResponse,
		claim + "version":         Version,
		dlClaim + "content_items": content,
	}
	if l.Settings.Data != "" { // [DL 4.1.2]: as it came, and only where some came
		claims[dlClaim+"data"] = l.Settings.Data
	}
	return k.sign(jwt.Claims{Issuer: p.ClientID, Audience: jwt.Audience{p.Issuer}, IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(5 * time.Minute))}, claims)
}
