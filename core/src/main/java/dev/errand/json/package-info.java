/**
 * The wire's JSON: how requests are read and checked, how answers are written, and how JSON is
 * carried that Errand does not interpret. Read {@link dev.errand.json.RequestReader} and {@link
 * dev.errand.json.WireWriter} first.
 */
package dev.errand.json;
