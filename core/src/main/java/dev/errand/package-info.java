/**
 * The entry: {@link dev.errand.Errand}, its builder, and {@link dev.errand.ProjectApi}, one project
 * as one caller sees it. What an operation throws is {@link dev.errand.RequestRefused} (mend the
 * input), {@link dev.errand.RequestDenied} (mend who asks, or read again) or {@link
 * dev.errand.spi.BackendException} (try again or page someone).
 */
package dev.errand;
