package lti

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
)

// Grades is what a launch says of the gradebook [AGS 3.1].
type Grades struct {
	Scopes    []string `json:"scope"`
	LineItems string   `json:"lineitems"`
	LineItem  string   `json:"lineitem"` // the one that belongs to the link; "" where there is none or several
}

// Scored says whether scores may be sent [AGS 3.1, 4.1].
func (g Grades) Scored() bool {
	return slices.Contains(g.Scopes, scopeScore) && (g.LineItem != "" || g.LineItems != "" && slices.Contains(g.Scopes, scopeLineItem))
}

// A Score is what a person has reached in a column of the gradebook [AGS 3.4].
type Score struct {
	Subject string
	Given   float64
	Maximum float64
	// None says that there is no score any more, whatever there was: the platform should clear it [AGS 3.4.4].
	None bool
	// At is when the score came about. Of two, a platform keeps the later one [AGS 3.4.9].
	At time.Time
}

// body is what is sent of a score.
func (s Score) body() ([]byte, error) {
	all := map[string]any{"userId": s.Subject, "timestamp": s.At.UTC().Format("2006-01-02T15:04:05.000Z"), "activityProgress": "Completed"} // [AGS 3.4.5, 3.4.9, 3.4.7]
	if s.None {
		all["gradingProgress"] = "NotReady" // [AGS 3.4.8]: of the others some platforms want a maximum, too
	} else {
		all["scoreGiven"], all["scoreMaximum"], all["gradingProgress"] = s.Given, s.Maximum, "FullyGraded"
	}
	return json.Marshal(all)
}

// SendScore sends a score to a line item [AGS 3.4]. It succeeds, too, where the platform has this score already, or a later one.
func (c *Client) SendScore(ctx context.Context, p Platform, lineItem string, s Score) error {
	u, err := address(lineItem)
	if err != nil {
		return err
	}
	u = u.JoinPath("scores") // before the query, which stays [AGS 3.4.1]
	body, err := s.body()
	if err != nil {
		return err
	}
	_, err = c.call(ctx, p, scopeScore, func() (*http.Request, error) {
		r, err := http.NewRequest(http.MethodPost, u.String(), bytes.NewReader(body))
		if err == nil {
			r.Header.Set("Content-Type", "application/vnd.ims.lis.v1.score+json")
		}
		return r, err
	}, nil)
	var status *StatusError
	if errors.As(err, &status) && status.Status == http.StatusConflict { // [AGS 3.4.9]: it has one of this time, or a later one
		return nil
	}
	return err
}

// Final says whether an error of SendScore stays, however often it is tried: the platform has understood, and refuses.
func Final(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity}, status.Status)
}

const lineItemType = "application/vnd.ims.lis.v2.lineitem+json"

// LineItem returns the address of a link's column in the gradebook, which is made where there is none [AGS 3.2].
func (c *Client) LineItem(ctx context.Context, p Platform, g Grades, link, label string, maximum float64) (string, error) {
	if g.LineItem != "" {
		return g.LineItem, nil
	}
	u, err := address(g.LineItems)
	if err != nil {
		return "", err
	}
	query := u.Query()
	query.Set("resource_link_id", link) // [AGS 3.2.9]
	asked := *u
	asked.RawQuery = query.Encode()
	var found []struct {
		ID   string `json:"id"`
		Link string `json:"resourceLinkId"`
	}
	if _, err := c.call(ctx, p, scopeLineItem, func() (*http.Request, error) {
		r, err := http.NewRequest(http.MethodGet, asked.String(), nil)
		if err == nil {
			r.Header.Set("Accept", "application/vnd.ims.lis.v2.lineitemcontainer+json")
		}
		return r, err
	}, &found); err != nil {
		return "", err
	}
	for _, item := range found {
		if item.Link == link && item.ID != "" {
			return item.ID, nil
		}
	}
	body, err := json.Marshal(map[string]any{"label": label, "scoreMaximum": maximum, "resourceLinkId": link})
	if err != nil {
		return "", err
	}
	var made struct {
		ID string `json:"id"`
	}
	if _, err = c.call(ctx, p, scopeLineItem, func() (*http.Request, error) {
		r, err := http.NewRequest(http.MethodPost, u.String(), bytes.NewReader(body))
		if err == nil {
			r.Header.Set("Content-Type", lineItemType)
			r.Header.Set("Accept", lineItemType)
		}
		return r, err
	}, &made); err != nil {
		return "", err
	}
	if _, err := address(made.ID); err != nil {
		return "", err
	}
	return made.ID, nil
}
