/**
 * The entry: {@link dev.errand.Errand}, its builder, and {@link dev.errand.ProjectClient}, one
 * project as one caller sees it. What an operation throws is {@link
 * dev.errand.error.InvalidRequestException} (mend the input), {@link
 * dev.errand.error.RequestException} (mend who asks, or read again) or {@link
 * dev.errand.spi.BackendException} (try again or page someone).
 */
package dev.errand;
