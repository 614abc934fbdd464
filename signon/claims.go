package signon

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gradlab/persons"
)

// Roles say which role somebody has, by the values of a claim. Without any, everybody is a student.
type Roles struct {
	Claim string                  // its name; dots lead into objects, as in realm_access.roles
	Of    map[string]persons.Role // by value
}

// ParseRoles reads "groups: lab-teachers=teacher; cn=staff,dc=example=operator". The error is for whoever runs the site.
func ParseRoles(text string) (Roles, error) {
	if strings.TrimSpace(text) == "" {
		return Roles{}, nil
	}
	claim, list, found := strings.Cut(text, ": ")
	if claim = strings.TrimSpace(claim); !found || claim == "" {
		return Roles{}, fmt.Errorf("%q does not begin with the name of a claim, a colon and a space", text)
	}
	roles := Roles{Claim: claim, Of: map[string]persons.Role{}}
	for pair := range strings.SplitSeq(list, ";") {
		value, name, found := cutLast(pair, "=")
		role := persons.Role(strings.TrimSpace(name))
		if value = strings.TrimSpace(value); !found || value == "" {
			return Roles{}, fmt.Errorf("%q is not like lab-teachers=teacher", strings.TrimSpace(pair))
		}
		if !slices.Contains([]persons.Role{persons.Student, persons.Teacher, persons.Operator}, role) {
			return Roles{}, fmt.Errorf("%q is no role: there are student, teacher and operator", role)
		}
		roles.Of[value] = role
	}
	return roles, nil
}

// cutLast cuts around the last separator: a directory's names of groups hold some themselves.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// lacking says whether the claim that roles are made of is not there.
func (r Roles) lacking(said claims) bool {
	return r.Claim != "" && said.at(r.Claim) == nil
}

// of is the highest role that the claim's values give.
func (r Roles) of(said claims) persons.Role {
	highest := persons.Student
	for _, value := range texts(said.at(r.Claim)) {
		if role, known := r.Of[value]; known && role.AtLeast(highest) {
			highest = role
		}
	}
	return highest
}

// claims are what a provider says of somebody.
type claims map[string]any

// with are the claims together with others, which win.
func (c claims) with(others claims) claims {
	all := maps.Clone(c)
	maps.Copy(all, others)
	return all
}

// at is the value of a claim, nil where there is none. A name with dots may be a claim of that very name, as addresses are.
func (c claims) at(name string) any {
	if value, found := c[name]; found {
		return value
	}
	value := any(map[string]any(c))
	for part := range strings.SplitSeq(name, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[part]
	}
	return value
}

// name is what to call somebody.
func (c claims) name() string {
	for _, claim := range []string{"name", "preferred_username"} {
		if text, _ := c[claim].(string); strings.TrimSpace(text) != "" {
			return text
		}
	}
	given, _ := c["given_name"].(string)
	family, _ := c["family_name"].(string)
	return strings.TrimSpace(given + " " + family)
}

// texts are the texts in a value: itself, or those of a list.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			if text, ok := one.(string); ok {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}
