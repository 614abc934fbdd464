package class

import (
	"reflect"
	"testing"
	"time"

	"gradlab/classroom"
)

// A stage has another name when anything changes that everybody sees of it, but for what pages are told beside the name.
func TestStageName(t *testing.T) {
	beside := map[string]bool{"Version": true, "Path": true, "Runs": true, "Blank": true, "Zoom": true, "Closes": true}
	c := classroom.Class{Plan: []classroom.Stop{{ID: "a"}}}
	was := stageName(c, classroom.Public{})
	for i := range reflect.TypeFor[classroom.Public]().NumField() {
		var p classroom.Public
		field, name := reflect.ValueOf(&p).Elem().Field(i), reflect.TypeFor[classroom.Public]().Field(i).Name
		switch v := field.Addr().Interface().(type) {
		case *bool:
			*v = true
		case *int:
			*v = 7
		case *float64:
			*v = 7
		case *int64:
			*v = 7
		case *[]string:
			*v = []string{"x"}
		case *time.Time:
			*v = time.Now()
		default:
			field.SetString("x")
		}
		if same := stageName(c, p) == was; same != beside[name] {
			t.Errorf("%s is another one: the same name is %t, want %t", name, same, beside[name])
		}
	}
	if one, other := stageName(c, classroom.Public{Stop: "a b", Heading: "c"}), stageName(c, classroom.Public{Stop: "a", Heading: "b c"}); one == other {
		t.Error("two stages have one name")
	}
	c.Plan[0].Picked = []string{"x"}
	if stageName(c, classroom.Public{}) == was {
		t.Error("a picked answer does not change the name")
	}
}
