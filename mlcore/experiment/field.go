package experiment

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the type of value that a [Field] holds.
type Kind int

// The kinds of value.
const (
	Integer Kind = iota // a whole number, Min to Max
	Real                // a finite number, Min to Max
	Choice              // one of Choices
	Text                // what Form says, in at most Most characters; it may be empty
)

// A Field describes one parameter of an experiment. It is the one source from which the query string is parsed and
// written, the control on the page is bounded and labelled, the API documented and an error named.
type Field struct {
	Name  string // in the query, the JSON and the form
	Label string // beside the control
	Help  string // one sentence, in plain words
	Kind  Kind

	Default  string
	Min, Max float64 // the accepted range, both ends included; of Integer and Real

	// SliderMin, SliderMax and Step describe the handle on the page. It spans the accepted range where both ends are 0.
	SliderMin, SliderMax, Step float64

	// Log makes the handle move over decades, from SliderMin to SliderMax, both above 0; Step is in powers of ten.
	Log bool

	Choices []Option // of Choice
	Form    string   // of Text: what it holds, in words: "9 or 25 numbers"
	Most    int      // of Text: characters
	Rare    bool     // behind "More" on the page
}

// An Option is one value of a [Choice].
type Option struct{ Value, Label string }

// Range says in words what the field accepts.
func (f Field) Range() string {
	switch f.Kind {
	case Integer:
		return fmt.Sprintf("a whole number from %s to %s", number(f.Min), number(f.Max))
	case Real:
		return fmt.Sprintf("a number from %s to %s", number(f.Min), number(f.Max))
	case Text:
		return f.Form
	}
	values := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	if len(values) == 1 {
		return values[0]
	}
	return strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1]
}

// LabelOf is how the page names a value; one that is no choice names itself.
func (f Field) LabelOf(value string) string {
	for _, o := range f.Choices {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// Slider is the range that the handle on the page spans.
func (f Field) Slider() (low, high float64) {
	if f.SliderMin == 0 && f.SliderMax == 0 {
		return f.Min, f.Max
	}
	return f.SliderMin, f.SliderMax
}

// FieldErrors holds a message for every field that was given badly, by the field's name.
type FieldErrors map[string]string

// Error lists the messages in the order of the names.
func (e FieldErrors) Error() string {
	names := make([]string, 0, len(e))
	for name := range e {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = name + ": " + e[name]
	}
	return strings.Join(names, "; ")
}

// and adds messages for fields that have none yet. It is nil where neither holds any, as [Table.Parse] has it.
func (e FieldErrors) and(more FieldErrors) FieldErrors {
	if len(more) == 0 {
		return e
	}
	all := maps.Clone(more)
	maps.Copy(all, e)
	return all
}

// A Table binds fields to the members of a config of type C. Fields are read in order, so a field may apply or not by
// what an earlier one says. Two entries may share a name where never more than one of them applies.
type Table[C any] []Entry[C]

// An Entry is a [Field] and the member that holds it.
type Entry[C any] struct {
	Field
	ref     func(*C) any    // *int, *uint32, *float64 or *string
	applies func(C) bool    // nil: always
	vary    func(C, *Field) // adjusts the field, its default mostly, to what earlier fields say; nil: nothing

	// canonical reads a Text and writes it in the one form that the config keeps; false: it is none.
	canonical func(text string) (string, bool)
}

// mostUnknown bounds the errors of names that no field has: an error repeats them.
const mostUnknown = 8

// Default is the config that an empty query means.
func (t Table[C]) Default() C {
	c, _ := t.Parse(nil)
	return c
}

// Parse reads a config from a query. Every bad field is named in the errors and has its default in the config, so the
// config can be used in any case. A name that no field has is an error, of the first mostUnknown of them; a field that does not apply is passed over.
func (t Table[C]) Parse(query url.Values) (C, FieldErrors) {
	var c C
	errs := FieldErrors{}
	known := map[string]bool{}
	for _, e := range t {
		known[e.Name] = true
		if !e.fit(c) {
			continue
		}
		if err := e.set(&c, e.Default); err != nil {
			panic(fmt.Sprintf("experiment: field %s: default: %v", e.Name, err)) // a bug in the table
		}
		values, given := query[e.Name]
		if !given {
			continue
		}
		if len(values) > 1 {
			errs[e.Name] = fmt.Sprintf("is given %d times; give it once", len(values))
		} else if err := e.set(&c, strings.TrimSpace(values[0])); err != nil {
			errs[e.Name] = err.Error()
		}
	}
	unknown := 0
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if known[name] {
			continue
		}
		if unknown++; unknown > mostUnknown {
			break
		}
		errs[clip(name)] = "is not a parameter of this experiment"
	}
	if len(errs) == 0 {
		errs = nil
	}
	return c, errs
}

// Query writes a config, defaults left out: Parse(Query(c)) == c. Two equal configs have the same query.
func (t Table[C]) Query(c C) url.Values {
	query := url.Values{}
	for _, e := range t.applying(c) {
		if v := e.get(c); v != e.Default {
			query.Set(e.Name, v)
		}
	}
	return query
}

// Values writes every field of a config that applies to it, by name.
func (t Table[C]) Values(c C) map[string]string {
	values := map[string]string{}
	for _, e := range t.applying(c) {
		values[e.Name] = e.get(c)
	}
	return values
}

// Fields lists the fields that apply to c, in order.
func (t Table[C]) Fields(c C) []Field {
	var fields []Field
	for _, e := range t.applying(c) {
		fields = append(fields, e.Field)
	}
	return fields
}

// Field is the one of that name, as it applies to c; it is empty where none does.
func (t Table[C]) Field(c C, name string) Field {
	for _, e := range t.applying(c) {
		if e.Name == name {
			return e.Field
		}
	}
	return Field{}
}

func (t Table[C]) applying(c C) []Entry[C] {
	entries := make([]Entry[C], 0, len(t))
	for _, e := range t {
		if e.fit(c) {
			entries = append(entries, e)
		}
	}
	return entries
}

// fit says whether the entry applies to c, and adjusts it to c if so.
func (e *Entry[C]) fit(c C) bool {
	if e.applies != nil && !e.applies(c) {
		return false
	}
	if e.vary != nil {
		e.vary(c, &e.Field)
	}
	return true
}

// JSON returns the fields of c that apply, as numbers and strings.
func (t Table[C]) JSON(c C) map[string]any {
	values := map[string]any{}
	for _, e := range t.applying(c) {
		switch p := e.ref(&c).(type) {
		case *int:
			values[e.Name] = *p
		case *uint32:
			values[e.Name] = *p
		case *float64:
			values[e.Name] = *p
		case *string:
			values[e.Name] = *p
		}
	}
	return values
}

func (e Entry[C]) get(c C) string {
	switch p := e.ref(&c).(type) {
	case *int:
		return strconv.Itoa(*p)
	case *uint32:
		return strconv.FormatUint(uint64(*p), 10)
	case *float64:
		return number(*p)
	case *string:
		return *p
	default:
		panic(fmt.Sprintf("experiment: field %s: no such kind of member: %T", e.Name, p))
	}
}

func (e Entry[C]) set(c *C, text string) error {
	bad := func() error { return fmt.Errorf("must be %s, not “%s”", e.Range(), clip(text)) }
	if e.Kind == Text {
		if len(text) > e.Most {
			return fmt.Errorf("must be %s, in at most %d characters", e.Form, e.Most)
		}
		kept, ok := e.canonical(text)
		if !ok {
			return bad()
		}
		*e.ref(c).(*string) = kept
		return nil
	}
	if text == "" {
		return fmt.Errorf("is empty; it must be %s", e.Range())
	}
	if len(text) > 64 {
		return bad()
	}
	switch p := e.ref(c).(type) {
	case *int:
		v, err := strconv.Atoi(text)
		if err != nil || float64(v) < e.Min || float64(v) > e.Max {
			return bad()
		}
		*p = v
	case *uint32:
		v, err := strconv.ParseUint(text, 10, 32)
		if err != nil || float64(v) < e.Min || float64(v) > e.Max {
			return bad()
		}
		*p = uint32(v)
	case *float64:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= e.Min && v <= e.Max) { // NaN fails both
			return bad()
		}
		if v == 0 {
			v = 0 // -0 and 0 are one config
		}
		*p = v
	case *string:
		if !slices.ContainsFunc(e.Choices, func(o Option) bool { return o.Value == text }) {
			return bad()
		}
		*p = text
	default:
		panic(fmt.Sprintf("experiment: field %s: no such kind of member: %T", e.Name, p))
	}
	return nil
}

// number writes a float as short as reads back to it, in a browser's spelling, so that a link is the same whoever wrote
// it: 0.5, 20, 0.00001, 1e-7.
func number(v float64) string {
	if a := math.Abs(v); a == 0 || a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text := strconv.FormatFloat(v, 'e', -1, 64)
	return strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(text) // Go writes two digits of an exponent at least
}

// clip shortens what a visitor typed, to be shown in a message.
func clip(s string) string {
	const most = 40
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// options makes options whose labels are their values.
func options(values ...string) []Option {
	out := make([]Option, len(values))
	for i, v := range values {
		out[i] = Option{v, v}
	}
	return out
}

// choicesOf are the choices of a typed field, by their names.
func choicesOf[C fmt.Stringer](choices []C) []Option {
	out := make([]Option, len(choices))
	for i, c := range choices {
		out[i] = Option{c.String(), c.String()}
	}
	return out
}
