/**
 * Profiles of agent programs, for every launcher. An {@link dev.errand.agents.AgentProfile} says
 * how a run becomes a command line, and what the lines that the program prints mean.
 */
@NullMarked
package dev.errand.agents;

import org.jspecify.annotations.NullMarked;
