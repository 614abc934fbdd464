package lessons

import "testing"

// A full stop stands close to the word before it, whatever the word was marked as.
func TestWordsOfMarkup(t *testing.T) {
	const markup = `<p>One <a href="/glossary#x">vanishing gradient</a>. Then<br>10<sup>−26</sup>,</p><p>so <em>small</em>: <tex-math data-display="false">x</tex-math>.</p>`
	if got, want := wordsOf(markup), "One vanishing gradient. Then 10−26, so small: … ."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
