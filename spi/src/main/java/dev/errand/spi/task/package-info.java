/** Tasks and the port that keeps them. Read {@link dev.errand.spi.task.TaskStore} first. */
@NullMarked
package dev.errand.spi.task;

import org.jspecify.annotations.NullMarked;
