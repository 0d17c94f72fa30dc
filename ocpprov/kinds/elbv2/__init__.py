"""Types of load balancing by the API of application and network balancers."""
