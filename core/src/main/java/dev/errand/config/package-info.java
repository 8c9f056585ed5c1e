/**
 * The configuration of an engine: its options, id generation and links. Start with {@link
 * dev.errand.config.EngineOptions}.
 */
package dev.errand.config;
