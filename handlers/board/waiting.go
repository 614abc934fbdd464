package board

import "fmt"

// Waiting tells a reader where a run stands in the queue, from 1, and why it waits: it pauses for others, or memory is what is short.
func Waiting(place int, paused, crowded bool) string {
	for_ := "for a free core"
	if crowded {
		for_ = "for memory that other runs hold"
	}
	switch {
	case paused:
		return "Your run pauses while others go first; it will go on by itself."
	case place == 1:
		return "Your run is next; it is waiting " + for_ + "."
	}
	return fmt.Sprintf("Your run is %s in line, waiting %s; shorter runs go first.", ordinal(place), for_)
}

// ordinal is a number as a place in a line: 1st, 2nd, 3rd, 4th, 11th, 21st.
func ordinal(n int) string {
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}
