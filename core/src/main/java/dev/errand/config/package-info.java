/**
 * The configuration of an engine: its options, id generation and links. Start with {@link
 * dev.errand.config.EngineOptions}.
 */
@NullMarked
package dev.errand.config;

import org.jspecify.annotations.NullMarked;
