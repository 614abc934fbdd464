package lessons

import "testing"

// Each of our lessons has a guide for teachers.
func TestEveryLessonHasAGuide(t *testing.T) {
	l := library(t)
	for _, lesson := range l.Lessons() {
		if _, found := l.Teaching().Guide(lesson.Slug); !found {
			t.Errorf("lesson %s has no guide in %s", lesson.Slug, teachingFile)
		}
	}
	l.checkTeaching(func(fault string) { t.Error(fault) })
}
