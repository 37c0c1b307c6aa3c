# SPDX-License-Identifier: Apache-2.0
"""Files do not include each other in circles."""
from rules.finding import Finding


def circles(arrows):
    """Groups of more than one node that reach each other (Tarjan, without recursion)."""
    order, low, held, stack, found = {}, {}, set(), [], []
    for root in arrows:
        if root in order:
            continue
        work = [(root, iter(arrows[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        held.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    held.add(target)
                    work.append((target, iter(arrows[target])))
                    break
                if target in held:
                    low[node] = min(low[node], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    at = stack.index(node)
                    group = stack[at:]
                    del stack[at:]
                    held.difference_update(group)
                    if len(group) > 1 or node in arrows[node]:
                        found.append(sorted(group))
    return found


def find(tree):
    paths = set(tree.sources())
    arrows = {path: [include.target for include in tree.cpp(path).includes if include.target in paths] for path in sorted(paths)}
    for group in circles(arrows):
        yield Finding(group[0], 1, f"these files include each other in a circle: {', '.join(group)}: "
                      "move what both need into a file of its own")
