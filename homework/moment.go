package homework

import (
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // so that every machine knows the same zones
)

// A Choice says which of two moments is meant by a time that comes twice, when clocks are put back.
type Choice bool

// Homework opens at the earlier one and ends at the later one: a student has the hour, whichever was meant.
const (
	Earlier Choice = false
	Later   Choice = true
)

// wall is a local time as forms have it.
const wall = "2006-01-02T15:04"

// Zone finds a time zone by its name in the IANA data base. What is wrong is a *classroom.RefusedError at "zone".
func Zone(name string) (*time.Location, error) {
	if name != "" && name != "Local" && len(name) <= 60 {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, refuse("zone", "there is no such time zone: give its name, such as Europe/Berlin")
}

// moments are all moments at which the clocks of a zone show a time: none or two where they are changed, else one.
func moments(shown time.Time, zone *time.Location) []time.Time {
	var all []time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := shown.Add(near).In(zone).Zone()
		t := shown.Add(-time.Duration(offset) * time.Second)
		if t.In(zone).Format(wall) == shown.Format(wall) && (len(all) == 0 || !all[0].Equal(t)) {
			all = append(all, t)
		}
	}
	if len(all) == 2 && all[1].Before(all[0]) {
		all[0], all[1] = all[1], all[0]
	}
	return all
}

// Moment reads a local time, such as 2026-12-06T23:59, as a moment in UTC. One that does not exist is refused, of one that comes twice the choice
// decides. The error's text is for its writer.
func Moment(text string, zone *time.Location, choice Choice) (time.Time, error) {
	shown, err := time.Parse(wall, text)
	if err != nil {
		shown, err = time.Parse(wall+":05", text) // some browsers add seconds
	}
	if err != nil {
		return time.Time{}, errors.New("give a day and a time, such as 2026-12-06T23:59")
	}
	all := moments(shown, zone)
	switch {
	case len(all) == 0:
		_, offset := shown.Add(-24 * time.Hour).In(zone).Zone()
		skipped := shown.Add(-time.Duration(offset) * time.Second).In(zone)
		return time.Time{}, fmt.Errorf("in %s there is no %s on this day, when clocks are put forward; %s would be the same moment", zone, shown.Format("15:04"), skipped.Format("15:04"))
	case choice == Later:
		return all[len(all)-1], nil
	}
	return all[0], nil
}

// Twice says in words what was taken of a time that comes twice, "" of others.
func Twice(t time.Time, zone *time.Location) string {
	shown, err := time.Parse(wall, t.In(zone).Format(wall))
	if err != nil {
		return ""
	}
	all := moments(shown, zone)
	if len(all) < 2 {
		return ""
	}
	which := "first"
	if t.Equal(all[1]) {
		which = "second"
	}
	name, _ := t.In(zone).Zone()
	return fmt.Sprintf("Clocks are put back on this day, and %s comes twice: the %s one is meant (%s).", shown.Format("15:04"), which, name)
}

// Field is a moment as the form has it, in a zone.
func Field(t time.Time, zone *time.Location) string { return t.In(zone).Format(wall) }

// Words is a moment in words, in a zone that is known to exist.
func (h Homework) Words(t time.Time) string {
	zone, err := Zone(h.Zone)
	if err != nil {
		zone = time.UTC
	}
	return t.In(zone).Format("Monday, 2 January 2006, 15:04") + " (" + zone.String() + ")"
}
