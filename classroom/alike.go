package classroom

import "strings"

// Alike is what texts have in common that say the same: neither white space nor case tells them apart.
func Alike(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// Grouped puts together what is alike by its text, in the order in which each text comes first.
func Grouped[T any](all []T, text func(T) string) [][]T {
	var groups [][]T
	at := map[string]int{}
	for _, one := range all {
		key := Alike(text(one))
		i, found := at[key]
		if !found {
			i = len(groups)
			at[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], one)
	}
	return groups
}
