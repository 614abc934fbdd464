package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"golang.org/x/text/unicode/norm"

	"gradlab/mlcore/experiment"
)

// The door: every text that a request carries passes here, and nothing else below handlers reads it from the request
// (TestOnlyTheDoorReadsRequests). What comes out is valid UTF-8 in the normal form C, without NUL, and bounded, so that SQLite
// and PostgreSQL keep the same and a page may show it. What each field holds is for its handler to judge.
const (
	maxQuery      = 32 << 10 // bytes of a query: more than a link with the longest run takes, percent-encoded twice
	MaxParameters = 200      // of a query or a form
	maxName       = 100      // bytes of the name of one
	maxHost       = 260      // bytes of the header Host: the longest domain name and a port
)

type admittedKey struct{}

// admitted is what a request says.
type admitted struct{ query, form url.Values }

// admit reads a request and returns it with what it says. A form is read of what is posted; its body may be another thing, as
// JSON, which jsonOf reads. The error is a *problem, or an *http.MaxBytesError.
func admit(r *http.Request) (*http.Request, error) {
	if (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.ContentLength != 0 {
		return nil, bodyOfGet
	}
	if Clean(r.URL.Path) != norm.NFC.String(r.URL.Path) {
		return nil, NotFound
	}
	if len(r.Host) > maxHost {
		return nil, &Problem{Status: http.StatusBadRequest, Heading: "Bad address", Text: "The name of the host is longer than names of hosts can be."}
	}
	query, err := ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			return nil, badForm(err)
		}
		if form, err = cleaned(r.PostForm, http.StatusUnprocessableEntity); err != nil {
			return nil, err
		}
	}
	return r.WithContext(context.WithValue(r.Context(), admittedKey{}, &admitted{query, form})), nil
}

// Query is the query of a request that the door has admitted. It is the request's own: who changes it clones it.
func Query(r *http.Request) url.Values { return r.Context().Value(admittedKey{}).(*admitted).query }

// Form is the posted form of a request that the door has admitted.
func Form(r *http.Request) url.Values { return r.Context().Value(admittedKey{}).(*admitted).form }

// WithQuery is a request that says something else in its query.
func WithQuery(r *http.Request, query url.Values) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), admittedKey{}, &admitted{query, Form(r)}))
	address := *r.URL
	address.RawQuery = query.Encode()
	r.URL = &address
	return r
}

// Path is a parameter of a route.
func Path(r *http.Request, name string) string {
	text := chi.URLParam(r, name)
	if r.URL.RawPath != "" { // then the route was found by the path as it was written
		text, _ = url.PathUnescape(text) // the URL was parsed from it
	}
	return Clean(text)
}

// ParseQuery reads a query, of an address or of a link that somebody gives. A query that cannot be read whole is none: the
// rest of it would be another experiment.
func ParseQuery(text string) (url.Values, error) {
	bad := func(format string, args ...any) error {
		return &Problem{Status: http.StatusBadRequest, Heading: "Bad address", Text: fmt.Sprintf(format, args...)}
	}
	if len(text) > maxQuery {
		return nil, bad("The part of the address after the question mark has %d bytes; %d are possible.", len(text), maxQuery)
	}
	if n := strings.Count(text, "&") + 1; n > MaxParameters {
		return nil, bad("The address has %d parameters; %d are possible.", n, MaxParameters)
	}
	values, err := url.ParseQuery(text)
	if err != nil { // it quotes three bytes of the text at most
		return nil, bad("The part of the address after the question mark cannot be read: %s.", strings.ToValidUTF8(err.Error(), "\uFFFD"))
	}
	return cleaned(values, http.StatusBadRequest)
}

// cleaned returns parameters as they may be kept and shown, or says with that status what is wrong with them.
func cleaned(values url.Values, status int) (url.Values, error) {
	out, n := make(url.Values, len(values)), 0
	for name, all := range values {
		if n += len(all); n > MaxParameters {
			return nil, &Problem{Status: status, Heading: "Too many fields", Text: fmt.Sprintf("More than %d fields were sent.", MaxParameters)}
		}
		if len(name) > maxName || Clean(name) != norm.NFC.String(name) {
			return nil, unfit(status, shortened(name), "is not the name of a field")
		}
		texts := make([]string, len(all))
		for i, text := range all {
			if reason := unfitText(text); reason != "" {
				return nil, unfit(status, name, reason)
			}
			texts[i] = norm.NFC.String(text)
		}
		name = norm.NFC.String(name)
		out[name] = append(out[name], texts...)
	}
	return out, nil
}

// unfitText says why a text cannot be taken, "" where it can.
func unfitText(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "holds bytes that are not text (UTF-8)"
	case strings.ContainsRune(text, 0):
		return "holds an invisible NUL character, which cannot be kept"
	}
	return ""
}

func unfit(status int, name, reason string) error {
	p := BadQuery(experiment.FieldErrors{name: reason})
	p.Status = status
	if status != http.StatusBadRequest {
		p.Heading, p.Text = "Nothing was saved", fmt.Sprintf("The field “%s” %s. Go back to find your text.", name, reason)
	}
	return p
}

// Clean makes any text fit to be kept and shown.
func Clean(text string) string {
	return norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD"))
}

// shortened is a text that is shown in a message.
func shortened(text string) string {
	if runes := []rune(Clean(text)); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return Clean(text)
}

// JSON reads the strings of a JSON object that is the body of a request, as if they were a form's.
func JSON(r *http.Request) (url.Values, error) {
	body, err := io.ReadAll(r.Body) // as much as a request may send
	if err != nil {
		return nil, badForm(err)
	}
	if !utf8.Valid(body) { // the decoder would take it, changed
		return nil, &Problem{Status: http.StatusBadRequest, Heading: "Bad form", Text: "The body holds bytes that are not text (UTF-8)."}
	}
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, badForm(err)
	}
	values := url.Values{}
	for name, value := range object {
		if text, ok := value.(string); ok {
			values.Set(name, text)
		}
	}
	return cleaned(values, http.StatusBadRequest)
}

// Revision reads the revision that a form started from, 0 where it names none. Which of them there can be is for the
// store to know.
func Revision(form url.Values) (int64, error) {
	text := form.Get("revision")
	if text == "" {
		return 0, nil
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, BadRevision
	}
	return revision, nil
}

var BadRevision = &Problem{Status: http.StatusBadRequest, Heading: "Bad form",
	Text: "The page lost track of this text’s revision. Copy your text, then reload."}

// bodyOfGet refuses a body where none means anything. The server notices that a visitor has hung up only when the body has been
// read: a run would go on for nobody.
var bodyOfGet = &Problem{Status: http.StatusBadRequest, Heading: "A body with nothing to do", Text: "Here everything is in the address; send no body."}

// Drain reads what is posted to a page that needs nothing of it, so that the server notices when the visitor hangs up.
func Drain(r *http.Request) error {
	_, err := io.Copy(io.Discard, r.Body)
	return err
}

// badForm is why a form could not be read: it was too large, or is no form.
func badForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &Problem{Status: http.StatusBadRequest, Heading: "Bad form", Text: "The form could not be read."}
}

// Newlines undoes what forms do to line ends: a text is kept with \n alone, however it came.
func Newlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// File reads the one file of a form that is sent as parts, of at most so many bytes, and the form's other fields. A larger file is read to
// its end and forgotten, so that its sender hears of it: too large is then true.
func File(r *http.Request, name string, most int64) (content []byte, form url.Values, tooLarge bool, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, false, badForm(err)
	}
	form = url.Values{}
	for range MaxParameters {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			form, err = cleaned(form, http.StatusUnprocessableEntity)
			return content, form, tooLarge, err
		}
		if err != nil {
			return nil, nil, false, badForm(err)
		}
		bound := int64(maxQuery)
		if part.FormName() == name {
			bound = most
		}
		b, err := io.ReadAll(io.LimitReader(part, bound+1))
		if err == nil && int64(len(b)) > bound {
			tooLarge, b = true, nil
			_, err = io.Copy(io.Discard, part)
		}
		if err != nil {
			return nil, nil, false, badForm(err)
		}
		if part.FormName() == name {
			content = b
		} else {
			form.Add(part.FormName(), string(b))
		}
	}
	return nil, nil, false, badForm(errors.New("too many parts"))
}
