/** What the services share: not for hosts. */
package dev.errand.engine;
