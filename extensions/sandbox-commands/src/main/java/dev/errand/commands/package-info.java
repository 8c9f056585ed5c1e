/** Commands to agent servers. Start with {@link dev.errand.commands.HttpCommandSender}. */
@NullMarked
package dev.errand.commands;

import org.jspecify.annotations.NullMarked;
