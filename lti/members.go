package lti

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
)

// A Member is one of a course's members [NRPS 2.2].
type Member struct {
	Subject string   `json:"user_id"`
	Name    string   `json:"name"`
	Given   string   `json:"given_name"`
	Family  string   `json:"family_name"`
	Roles   []string `json:"roles"`
	Status  string   `json:"status"` // Active, Inactive or Deleted; "" is Active
}

// Teaches says whether a member may change the course.
func (m Member) Teaches() bool { return Launch{Roles: m.Roles}.Teaches() }

// MaxMembers bounds the members of a course; what is beyond is a mistake.
const (
	MaxMembers = 10_000
	maxPages   = 400
)

// nextLink finds the address of the next page [NRPS 2.4.2].
var nextLink = regexp.MustCompile(`<([^>]*)>\s*;[^,]*\brel="?next"?`)

// Members asks for the members of a course, page after page, by the address that a launch gave. The error says what went wrong; those that
// were read before it are returned, too.
func (c *Client) Members(ctx context.Context, p Platform, from string) ([]Member, error) {
	first, err := address(from)
	if err != nil {
		return nil, err
	}
	query := first.Query()
	query.Set("limit", "500") // [NRPS 2.4.1]: a wish; the platform decides
	first.RawQuery = query.Encode()
	var all []Member
	seen := map[string]bool{}
	for next := first.String(); next != ""; {
		if seen[next] || len(seen) == maxPages {
			return all, errors.New("the platform’s list of members does not end")
		}
		seen[next] = true
		var page struct {
			Members []Member `json:"members"`
		}
		header, err := c.call(ctx, p, scopeMembers, func() (*http.Request, error) {
			r, err := http.NewRequest(http.MethodGet, next, nil)
			if err == nil {
				r.Header.Set("Accept", "application/vnd.ims.lti-nrps.v2.membershipcontainer+json")
			}
			return r, err
		}, &page)
		if err != nil {
			return all, err
		}
		if all = append(all, page.Members...); len(all) > MaxMembers {
			return all[:MaxMembers], fmt.Errorf("the course has more than %d members", MaxMembers)
		}
		next = ""
		for _, line := range header.Values("Link") {
			if found := nextLink.FindStringSubmatch(line); found != nil {
				u, err := url.Parse(found[1])
				if err != nil {
					return all, errors.New("the platform’s list of members leads to no address")
				}
				u = first.ResolveReference(u)
				if u.Scheme != first.Scheme || u.Host != first.Host { // our token goes nowhere else
					return all, errors.New("the platform’s list of members leads to another site")
				}
				next = u.String()
			}
		}
	}
	return all, nil
}
