/** Tasks: the operations, their requests and results. Start with {@link dev.errand.task.Tasks}. */
@NullMarked
package dev.errand.task;

import org.jspecify.annotations.NullMarked;
