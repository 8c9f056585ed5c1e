/** The rules of the domain as tables and pure functions of values. */
package dev.errand.internal.rules;
