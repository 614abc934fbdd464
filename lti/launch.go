package lti

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	maxToken = 64 << 10 // bytes of an id_token; one with every claim has a few thousand
	// skew is how far the platform's clock and ours may be apart [Sec 5.1.3, 7: "a few minutes"].
	skew = 3 * time.Minute
	// maxAge is how long after it was issued a token is still taken [Sec 5.1.3, 8].
	maxAge = 15 * time.Minute
)

// A Launch is what a valid id_token says.
type Launch struct {
	Type       string // ResourceLink or DeepLinking
	Deployment string
	Subject    string // who, for this issuer; "" of an anonymous launch [Core 5.3.6.1]
	Name       string // of the person; "" where the platform does not tell
	Target     string // target_link_uri
	Link       Link   // of ResourceLink
	Context    Context
	Roles      []string
	Custom     map[string]string

	Settings  DeepSettings // of DeepLinking
	ReturnURL string       // of the course's page [Core 5.4.4]; may be empty
	Members   string       // where the members of the course are asked for; "" where the platform does not offer it
	Grades    Grades
}

// A Link is one activity of a course [Core 5.3.5]; a Context is a course [Core 5.4.1].
type (
	Link struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	Context struct {
		ID    string `json:"id"`
		Label string `json:"label"`
		Title string `json:"title"`
	}
)

// Teaches says whether the person has a role in the course that may change it [Core A.2.2, A.2.3]: an instructor, a content
// developer, an administrator of the course. A bare word is a role in the course [Core A.2.2.1].
func (l Launch) Teaches() bool {
	return slices.ContainsFunc(l.Roles, func(role string) bool {
		name, full := strings.CutPrefix(role, member)
		if sub, found := strings.CutPrefix(role, strings.Replace(member, "membership#", "membership/", 1)); found { // membership/Instructor#TeachingAssistant
			name, _, _ = strings.Cut(sub, "#")
			full = true
		}
		return (full || !strings.Contains(role, ":")) && slices.Contains([]string{"Instructor", "ContentDeveloper", "Administrator"}, name)
	})
}

// claims are those of an id_token that are read.
type claims struct {
	jwt.Claims
	Nonce      string         `json:"nonce"`
	Azp        string         `json:"azp"`
	Name       string         `json:"name"`
	GivenName  string         `json:"given_name"`
	FamilyName string         `json:"family_name"`
	Type       string         `json:"https://purl.imsglobal.org/spec/lti/claim/message_type"`
	Version    string         `json:"https://purl.imsglobal.org/spec/lti/claim/version"`
	Deployment string         `json:"https://purl.imsglobal.org/spec/lti/claim/deployment_id"`
	Target     string         `json:"https://purl.imsglobal.org/spec/lti/claim/target_link_uri"`
	Link       Link           `json:"https://purl.imsglobal.org/spec/lti/claim/resource_link"`
	Context    Context        `json:"https://purl.imsglobal.org/spec/lti/claim/context"`
	Roles      []string       `json:"https://purl.imsglobal.org/spec/lti/claim/roles"`
	Custom     map[string]any `json:"https://purl.imsglobal.org/spec/lti/claim/custom"`
	Settings   DeepSettings   `json:"https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"`
	Members    membersClaim   `json:"https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"`
	Presented  presented      `json:"https://purl.imsglobal.org/spec/lti/claim/launch_presentation"`
	Grades     Grades         `json:"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"`
}

type presented struct {
	Return string `json:"return_url"`
}

type membersClaim struct {
	URL string `json:"context_memberships_url"`
}

// Launch checks an id_token that a browser brought from a platform, and reads it. Nonce is the one that was sent there for this
// browser, which the caller keeps and takes back once. The error is a *RefusedError, or says that the platform's keys are not to be had.
// Whether the deployment is one of the platform's, and the target one of ours, is checked by the caller, who knows them.
func (k *Keys) Launch(ctx context.Context, p Platform, token, nonce string) (Launch, error) {
	c, err := k.verified(ctx, p, token)
	if err != nil {
		return Launch{}, err
	}
	if err := c.check(p, nonce, k.now()); err != nil {
		return Launch{}, err
	}
	l := Launch{Type: c.Type, Deployment: c.Deployment, Subject: c.Subject, Name: c.name(), Target: c.Target, Link: c.Link, Context: c.Context, Roles: c.Roles, Custom: map[string]string{}, Settings: c.Settings, ReturnURL: c.Presented.Return, Members: c.Members.URL, Grades: c.Grades}
	for name, value := range c.Custom {
		if text, ok := value.(string); ok { // [Core 5.4.6] has strings alone; others are left out
			l.Custom[name] = text
		}
	}
	return l, l.check()
}

// verified returns the claims of a token that the platform signed.
func (k *Keys) verified(ctx context.Context, p Platform, token string) (c claims, err error) {
	if len(token) > maxToken {
		return c, refuse("Sec 5.1.3", "What the course page sent is longer than it can be.")
	}
	signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256}) // [Sec 5.1.3, 6; 6.1]: never none, never an HMAC
	if err != nil {
		return c, refuse("Sec 5.1.3, 6", "What the course page sent is not signed as it must be.")
	}
	key, err := k.key(ctx, p.KeysURL, signed.Headers[0].KeyID)
	if err != nil {
		return c, err
	}
	var payload json.RawMessage
	if err := signed.Claims(key, &payload); err != nil { // [Sec 5.1.3, 1]
		return c, refuse("Sec 5.1.3, 1", "What the course page sent was not signed by it.")
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return c, refuse("Core 5.3", "What the course page sent has a field of the wrong kind.")
	}
	return c, nil
}

// check holds the claims to what every message must say.
func (c claims) check(p Platform, nonce string, now time.Time) error {
	switch {
	case c.Issuer != p.Issuer:
		return refuse("Sec 5.1.3, 2", "The launch comes from another site than the one that was registered.")
	case !c.Audience.Contains(p.ClientID):
		return refuse("Sec 5.1.3, 3", "The launch is meant for another tool.")
	case len(c.Audience) > 1 && c.Azp == "":
		return refuse("Sec 5.1.3, 4", "The launch is meant for several tools and does not say which.")
	case c.Azp != "" && c.Azp != p.ClientID:
		return refuse("Sec 5.1.3, 5", "The launch is meant for another tool.")
	case c.Expiry == nil || !now.Before(c.Expiry.Time().Add(skew)):
		return refuse("Sec 5.1.3, 7", "The launch has expired. Open the link from your course again.")
	case c.IssuedAt == nil || now.Add(skew).Before(c.IssuedAt.Time()) || now.After(c.IssuedAt.Time().Add(maxAge+skew)):
		return refuse("Sec 5.1.3, 8", "The launch was made at another time than now. Open the link from your course again; if that does not help, one of the two servers has a wrong clock.")
	case nonce == "" || c.Nonce != nonce:
		return refuse("Sec 5.1.3, 9", "The launch was used before. Open the link from your course again.")
	case c.Version != Version:
		return refuse("Core 5.3.2", "The launch is of another version of LTI than 1.3.0.")
	case c.Type != ResourceLink && c.Type != DeepLinking:
		return refuse("Core 5.3.1", "The launch is of a kind that this site does not know.")
	case c.Deployment == "" || len(c.Deployment) > maxID:
		return refuse("Core 5.3.3", "The launch does not say of which deployment it is.")
	case len(c.Subject) > maxID:
		return refuse("Core 5.3.6", "The launch names a person in too many characters.")
	case c.Roles == nil:
		return refuse("Core 5.3.7", "The launch does not say in which role the person comes.")
	case len(c.Context.ID) > maxID || len(c.Roles) > 100:
		return refuse("Core 5.4.1", "The launch names its course in too many characters.")
	}
	return nil
}

// check holds a launch to what one of its kind must say.
func (l Launch) check() error {
	if l.Type == DeepLinking {
		return l.Settings.check()
	}
	switch {
	case l.Target == "":
		return refuse("Core 5.3.4", "The launch does not say what it opens.")
	case l.Link.ID == "" || len(l.Link.ID) > maxID:
		return refuse("Core 5.3.5", "The launch does not say from which activity it comes.")
	}
	for _, text := range []string{l.Members, l.Grades.LineItem, l.Grades.LineItems} {
		if text != "" {
			if _, err := address(text); err != nil {
				return err
			}
		}
	}
	return nil
}

// name is how a platform calls a person [Core 5.3.6; OpenID Connect Core 5.1].
func (c claims) name() string {
	if name := strings.TrimSpace(c.Name); name != "" {
		return name
	}
	return strings.TrimSpace(c.GivenName + " " + c.FamilyName)
}
