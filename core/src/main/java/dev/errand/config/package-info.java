/** What a host configures: engine options, id generation, links. */
package dev.errand.config;
