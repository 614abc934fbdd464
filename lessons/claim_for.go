package lessons

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A setting is a value for each "for" of a claim.
type setting []bound

type bound struct{ name, value string }

// in puts the values into a claim.
func (s setting) in(template string) string {
	for _, b := range s {
		template = strings.ReplaceAll(template, "{"+b.name+"}", b.value)
	}
	return template
}

// String says the values as a sentence goes on with them: " at s=1, lr=0.05", or nothing.
func (s setting) String() string {
	text := ""
	for i, b := range s {
		text += []string{" at ", ", "}[min(i, 1)] + b.name + "=" + b.value
	}
	return text
}

// mostCases bounds how often the "for"s of a claim have it computed.
const mostCases = 1000

// readFor takes the "for"s off a claim and returns every setting that they make: without any, the empty one.
func readFor(text string) (template string, settings []setting, err error) {
	clauses := strings.Split(text, " for ")
	template, settings = clauses[0], []setting{nil}
	for _, clause := range clauses[1:] {
		fields := strings.Fields(clause)
		if len(fields) != 2 && !(len(fields) == 4 && fields[2] == "by") {
			return "", nil, fmt.Errorf("for %s: want a name and values: 0..5, or 0.1,0.05, or 0.5..3 by 0.5", clause)
		}
		if !strings.Contains(template, "{"+fields[0]+"}") {
			return "", nil, fmt.Errorf("for %s: the claim has no {%s}", clause, fields[0])
		}
		step := "1"
		if len(fields) == 4 {
			step = fields[3]
		}
		values, err := readValues(fields[1], step)
		if err != nil || len(values)*len(settings) > mostCases {
			return "", nil, fmt.Errorf("for %s: want at most %d values in all, from the lower to the higher", clause, mostCases)
		}
		var all []setting
		for _, s := range settings {
			for _, value := range values {
				all = append(all, append(slices.Clone(s), bound{fields[0], value}))
			}
		}
		settings = all
	}
	return template, settings, nil
}

// readValues reads "0.1,0.05" and "0.5..3", the latter in steps.
func readValues(text, by string) ([]string, error) {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		return strings.Split(text, ","), nil
	}
	var numbers [3]float64
	for i, number := range []string{from, to, by} {
		var err error
		if numbers[i], err = strconv.ParseFloat(number, 64); err != nil {
			return nil, err
		}
	}
	n := math.Round((numbers[1] - numbers[0]) / numbers[2])
	if !(n >= 0 && n < mostCases) {
		return nil, fmt.Errorf("%s makes %g steps of %s", text, n, by)
	}
	var values []string
	for i := range int(n) + 1 {
		values = append(values, strconv.FormatFloat(numbers[0]+float64(i)*numbers[2], 'g', 12, 64))
	}
	return values, nil
}
