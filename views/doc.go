// Package views renders the pages: templ components, and the models shaped like what they show.
//
// A page takes one struct and holds no logic beyond if and for; a pure function in package handlers fills the struct. The
// package knows neither the core nor the store. Figures are options for Apache ECharts, made by package chart.
package views
