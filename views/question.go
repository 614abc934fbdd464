package views

import "fmt"

// QuestionsTitle heads the list of so many questions: a folder of lessons may bring more than ours.
func QuestionsTitle(n int) string {
	words := []string{"No questions yet", "One question", "Two questions", "Three questions", "Four questions", "Five questions", "Six questions",
		"Seven questions", "Eight questions", "Nine questions", "Ten questions", "Eleven questions", "Twelve questions"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprintf("%d questions", n)
}
